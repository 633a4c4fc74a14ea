import { defineConfig } from 'vitest/config';

const project = (
  name: string,
  test: { include: string[]; exclude?: string[]; globalSetup?: string[] },
) => ({
  extends: true as const,
  test: { name, ...test },
});

const POSTGRES = ['test/support/postgres.ts'];

export default defineConfig({
  test: {
    // Else there would be two copies of the package `graphql`.
    experimental: { viteModuleRunner: false },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      project('unit', {
        include: ['test/**/*.test.ts'],
        exclude: ['test/**/*.pg.test.ts', 'test/**/*.system.test.ts'],
      }),
      project('pg', { include: ['test/**/*.pg.test.ts'], globalSetup: POSTGRES }),
      project('system', { include: ['test/**/*.system.test.ts'], globalSetup: POSTGRES }),
    ],
  },
});
