import type { LinkState } from '../model/link.ts';

/** Where an operator is told what a switch does. */
export interface SwitchLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Tells of a link that is gone and of one that is there, once each; of every try in between only who debugs. */
export function linkTeller(connector: string, log: SwitchLog) {
  let isAway = false;
  return (link: LinkState, lastError: string | null) => {
    if (link === 'UP' || link === 'STOPPED') {
      isAway = false;
      log.info({ connector, link }, 'the link to a switch has changed');
      return;
    }
    // What is being linked for the first time is not away.
    const isNews = !isAway && lastError !== null;
    const level = isNews ? 'warn' : 'debug';
    log[level]({ connector, link, lastError }, 'the link to a switch is down');
    isAway ||= isNews;
  };
}
