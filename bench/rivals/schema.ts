/** What the rivals that are written by hand serve: the part of Tandem's schema that is asked for. */
export const SDL = `
  type Query { extension(number: String!): Extension  call(id: ID!): Call }
  type Mutation { deleteUserData(id: ID!): Call }
  type Extension { number: String! label: String calls(first: Int!): [Call!]! events(first: Int!): [Event!]! }
  type Call { id: ID! state: String! direction: String! ani: String dnis: String offeredAt: String!
    endedAt: String userData: JSON participants: [Participant!]! }
  type Participant { sequence: String! role: String! number: String state: String! extension: Extension }
  type Event { id: ID! type: Int! method: String! url: String! status: String! note: String modifiedAt: String! }
  scalar JSON
`;

const CALL = 'id state direction ani dnis offeredAt endedAt';

/** The operations in that schema. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  Q1: `query Q1($number: String!) { extension(number: $number) { calls(first: 50) { ${CALL}
    participants { sequence role number state extension { number label } } } } }`,
  Q2: `query Q2($id: ID!) { call(id: $id) { ${CALL} userData participants { sequence role number state } } }`,
  Q3: `query Q3($number: String!) { extension(number: $number) {
    events(first: 50) { id type method url status note modifiedAt } } }`,
  M1: 'mutation M1($id: ID!) { deleteUserData(id: $id) { id userData } }',
};
