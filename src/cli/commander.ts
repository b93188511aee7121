/** The library that reads command lines; nobody else imports it. */
export { Argument, Command, CommanderError, Help, Option } from 'commander';
