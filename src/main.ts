import { Command } from 'commander';
import { anchorAuditCommand, verifyAuditCommand } from './cli/audit.ts';
import { demo } from './cli/demo.ts';
import { exportCommand } from './cli/export.ts';
import { fail } from './cli/fail.ts';
import { importCommand } from './cli/import.ts';
import { migrateCommand } from './cli/migrate.ts';
import { password } from './cli/password.ts';
import { retire } from './cli/retire.ts';
import { revoke } from './cli/revoke.ts';
import { serve } from './cli/serve.ts';
import { token } from './cli/token.ts';

const program = new Command('tandem').description('A GraphQL gateway over call data');

program.command('serve').description('serve; settings come from the environment').action(serve);
program
  .command('demo')
  .description('serve a demo organization with live calls, laid anew')
  .action(demo);
program
  .command('migrate')
  .description('bring the database up to this version, and stop')
  .action(migrateCommand);
program
  .command('import')
  .description('import NDJSON, all or nothing')
  .argument('<file>', 'the file, or - for standard input')
  .action(importCommand);
program
  .command('token')
  .description('print a bearer token')
  .argument('<username>', 'whose')
  .option('--ttl <duration>', 'how long it lasts, such as 30m, 1h or 7d', '1h')
  .option('--scope <scope...>', 'of READ, CONTROL, MANAGE, with spaces between; all when absent')
  .action(token);

program
  .command('revoke')
  .description('revoke the tokens of a user, or one token')
  .argument('[username]', 'whose, all of them')
  .option('--token <token>', 'this one alone')
  .action(revoke);
program
  .command('password')
  .description('give a user the password on standard input')
  .argument('<username>', 'whose')
  .action(password);
program
  .command('retire')
  .description('end the calls that a switch which is gone has left open')
  .argument('<switch>', 'its id, which is in CONNECTORS no more')
  .action(retire);
program
  .command('export')
  .description('write call detail records to standard output, a position with each')
  .option('--organization <key>', 'whose calls; needed when there are several')
  .option('--format <format>', 'ndjson or csv', 'ndjson')
  .option('--after <position>', 'only what comes after the record with this position')
  .action(exportCommand);

const audit = program.command('audit').description('look after the audit log');
audit
  .command('verify')
  .description(
    'find what was changed, taken away or put elsewhere; 3 as exit code says that something was',
  )
  .option('--anchor <file>', 'what `audit anchor` printed at some time')
  .action(verifyAuditCommand);
audit
  .command('anchor')
  .description('print where each chain ends, to be kept elsewhere')
  .action(anchorAuditCommand);

await program.parseAsync().catch(fail);
