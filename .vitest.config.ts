import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude },
});

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    testTimeout: 30_000,
    hookTimeout: 120_000,
    projects: [
      project('unit', ['test/**/*.test.ts'], ['test/**/*.pg.test.ts', 'test/**/*.system.test.ts']),
      project('pg', ['test/**/*.pg.test.ts']),
      project('system', ['test/**/*.system.test.ts']),
    ],
  },
});
