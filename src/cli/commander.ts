/** The library that reads command lines; nobody else imports it. */
export { Command, CommanderError, Help, Option } from 'commander';
