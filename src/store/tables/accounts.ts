import {
  boolean,
  index,
  integer,
  snakeCase,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { ACCOUNT_TYPES, SCOPES } from '../../model/account.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'string' });

/** A tenant. Every other row belongs to one. */
export const organizations = snakeCase.table('organizations', {
  id: uuid().primaryKey(),
  /** What import files call it. */
  key: text().notNull().unique(),
  name: text().notNull(),
  /** Calls that ended longer ago are deleted; null keeps them for ever. */
  retentionDays: integer(),
  /** Whether api keys are taken in URLs, which end up in many logs: Verba's GET. */
  allowsGet: boolean().notNull().default(true),
});

/** Somebody who may log in and own extensions. */
export const users = snakeCase.table(
  'users',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The id that legacy URIs use. */
    number: text().notNull(),
    username: text().notNull().unique(),
    /** argon2id; null for a user that cannot log in by password. */
    passwordHash: text(),
    displayName: text(),
    accountType: text({ enum: ACCOUNT_TYPES }).notNull(),
  },
  (user) => [unique().on(user.organizationId, user.number)],
);

/** An integration: what it identifies itself with, and the user on whose behalf it acts. */
export const apps = snakeCase.table(
  'apps',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    clientId: text().unique(),
    /** SHA-256 of a random secret. */
    clientSecretHash: text(),
    /** Where users may be sent back to after their consent, exactly so; null means nowhere. */
    redirectUris: text().array(),
    /** SHA-256 of Verba's api key in lower case. */
    apiKeyHash: text().unique(),
    /** Whether the api key alone is not enough. */
    requiresToken: boolean().notNull().default(true),
    /** CIDR ranges from which it may be used; null means from anywhere. */
    networks: text().array(),
    revokedAt: moment(),
  },
  (app) => [unique().on(app.organizationId, app.name), index().on(app.userId)],
);

/** Opaque bearer tokens and sessions, by the SHA-256 of their text. */
export const tokens = snakeCase.table(
  'tokens',
  {
    id: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    appId: uuid().references(() => apps.id, { onDelete: 'cascade' }),
    hash: text().notNull().unique(),
    scopes: text({ enum: SCOPES }).array().notNull(),
    /** SHA-256 of the stored password for which it was given: with another one it ends. Null for every other. */
    passwordMark: text(),
    /** SHA-256 of the consent's code for which it was given, or that which it renews. Null for every other. */
    codeHash: text(),
    createdAt: moment().notNull().defaultNow(),
    /** Null means that it does not expire. */
    expiresAt: moment(),
    revokedAt: moment(),
  },
  (token) => [index().on(token.userId), index().on(token.appId), index().on(token.codeHash)],
);

/** A user's consent that an app may act for it, by the SHA-256 of its code. Taken once, and gone. */
export const authorizationCodes = snakeCase.table(
  'authorization_codes',
  {
    hash: text().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    appId: uuid()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    redirectUri: text().notNull(),
    /** RFC 7636, by SHA-256; null when the app did not send one. */
    codeChallenge: text(),
    scopes: text({ enum: SCOPES }).array().notNull(),
    expiresAt: moment().notNull(),
  },
  (code) => [index().on(code.userId), index().on(code.appId)],
);

/**
 * What an app gets a new token for, by its SHA-256. It ends with the token that it came with, when that is revoked. One
 * that has served is kept for its time: should it come again, it was stolen.
 */
export const refreshTokens = snakeCase.table(
  'refresh_tokens',
  {
    hash: text().primaryKey(),
    organizationId: uuid().notNull(),
    tokenId: uuid()
      .notNull()
      .references(() => tokens.id, { onDelete: 'cascade' }),
    expiresAt: moment().notNull(),
    /** When it has served; null while it has not. */
    spentAt: moment(),
  },
  (token) => [index().on(token.tokenId)],
);
