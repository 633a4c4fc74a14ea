import { OrganizationRef } from './refs.ts';

OrganizationRef.implement({
  description: 'A tenant: everything belongs to one.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Tandem’s id of the organization, a uuid.' }),
    key: t.exposeString('key', {
      description: 'Its id in the system that it was imported from, and what import files call it.',
    }),
    name: t.exposeString('name', { description: 'What people call it.' }),
  }),
});
