/** What schemas are made of. */
export const string = { type: 'string' };
export const boolean = { type: 'boolean' };
export const uri = { type: 'string', format: 'uri' };
export const strings = { type: 'array', items: string };
export const object = { type: 'object', additionalProperties: true };

/** An object that has all of these. */
export const all = <const Properties extends object>(properties: Properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});

/** An object that has all of these, and may have others. */
export const some = (present: object, optional: object) => ({
  ...all(present),
  properties: { ...present, ...optional },
});

/** A schema among the components. */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
