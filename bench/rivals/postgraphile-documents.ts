const CALL = 'rowId state direction ani dnis offeredAt endedAt';

/** The operations in the schema that PostGraphile makes of Tandem's tables. */
export const DOCUMENTS: Readonly<Record<string, string>> = {
  Q1: `query Q1($number: String!) { allExtensions(condition: { number: $number }, first: 1) { nodes {
    participantsByExtensionId(first: 50, orderBy: [OFFERED_AT_DESC, CALL_ID_DESC]) { nodes { callByCallId { ${CALL}
      participantsByCallId(orderBy: SEQUENCE_ASC) { nodes {
        sequence role number state extensionByExtensionId { number label } } } } } } } } }`,
  Q2: `query Q2($id: UUID!) { callByRowId(rowId: $id) { ${CALL} userData
    participantsByCallId(orderBy: SEQUENCE_ASC) { nodes { sequence role number state } } } }`,
  Q3: `query Q3($number: String!) { allExtensions(condition: { number: $number }, first: 1) { nodes {
    phoneCallEventsByExtensionId(first: 50) { nodes { rowId type method url status note modifiedAt } } } } }`,
  M1: `mutation M1($id: UUID!) { updateCallByRowId(input: { rowId: $id, callPatch: { userData: null } }) {
    call { rowId userData } } }`,
};
