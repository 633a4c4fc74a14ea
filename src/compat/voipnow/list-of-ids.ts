/** `[{"id": ...}]`; 204 when "there is not Id to be returned" (Delete PhoneCallEvents, Success). */
export const listOfIds = (ids: readonly string[]): Response =>
  ids.length === 0 ? new Response(null, { status: 204 }) : Response.json(ids.map((id) => ({ id })));
