import { callIdOf, numberOf } from '../population.ts';

/** One of the operations that are compared: the document for Tandem, and variables for the nth request. */
export interface Operation {
  readonly document: string;
  readonly variables: (n: number) => Readonly<Record<string, string>>;
}

/** Spreads requests over the population: a prime that divides neither the extensions nor the calls. */
const STRIDE = 7_907;

const ofExtension = (n: number) => ({ number: numberOf(n * STRIDE) });

/** What a frontend asks, by the names that the results have. */
export const operations = (calls: number): Readonly<Record<string, Operation>> => ({
  Q1: {
    document: `query Q1($number: String!) { extension(number: $number) { calls(first: 50) { nodes {
      id state direction ani dnis offeredAt endedAt
      participants { sequence role number state extension { number label } } } } } }`,
    variables: ofExtension,
  },
  Q2: {
    document: `query Q2($id: ID!) { call(id: $id) {
      id state direction ani dnis offeredAt endedAt userData participants { sequence role number state } } }`,
    variables: (n) => ({ id: callIdOf((n * STRIDE) % calls) }),
  },
  Q3: {
    document: `query Q3($number: String!) { extension(number: $number) { phoneCallEvents(first: 50) { nodes {
      id type method url status note modifiedAt } } } }`,
    variables: ofExtension,
  },
  M1: {
    document: `mutation M1($id: ID!) { deleteUserData(input: { callId: $id }) { call { id userData } } }`,
    variables: (n) => ({ id: callIdOf((n * STRIDE) % calls) }),
  },
});
