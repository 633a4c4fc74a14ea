import { ATTEMPT_ERRORS, DELIVERY_STATES } from '../model/event-delivery.ts';
import { EVENT_METHODS, EVENT_STATUSES } from '../model/phone-call-event.ts';
import { describedEnum } from './enums.ts';

export const EventMethodRef = describedEnum(
  'PhoneCallEventMethod',
  'How a rule’s URL is requested.',
  EVENT_METHODS,
  {
    GET: 'By GET, with the parameters in the query.',
    POST: 'By POST, with the parameters in a form.',
  },
);

export const EventStatusRef = describedEnum(
  'PhoneCallEventStatus',
  'Whether a rule fires.',
  EVENT_STATUSES,
  {
    DISABLED: 'It does not.',
    ENABLED: 'It does.',
  },
);

export const DeliveryStateRef = describedEnum(
  'PhoneCallEventDeliveryState',
  'Where a firing stands.',
  DELIVERY_STATES,
  {
    PENDING: 'It will be sent, unless its rule is disabled or suspended.',
    DELIVERED: 'It was answered 2xx.',
    SUSPENDED:
      'It has failed for 24 hours, or its receiver has said that it is gone (410); resuming its rule or sending it again tries anew.',
  },
);

export const AttemptErrorRef = describedEnum(
  'PhoneCallEventAttemptError',
  'Why a request did not deliver a firing.',
  ATTEMPT_ERRORS,
  {
    STATUS: 'It was answered, but not with 2xx; redirects are not followed.',
    TIMEOUT: 'There was no answer within 5 s.',
    NAME_NOT_FOUND: 'The name of the receiver is not known.',
    PRIVATE_ADDRESS: 'The receiver is not at a public address.',
    CONNECTION: 'There was no connection, or it broke.',
    TLS: 'The receiver could not prove who it is, or there is no common version of TLS.',
    BAD_ANSWER: 'The answer was not HTTP, or its headers were too long.',
    STOPPED: 'Tandem stopped meanwhile; it is sent again.',
  },
);
