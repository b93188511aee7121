import { type Command, Help, type Option } from '../commander.ts';
import { type CompletedValue, valueNamed, wordsOf } from './values.ts';

/** A command as completion sees it; all of it is read from the tree that also reads command lines. */
export interface CompletedCommand {
  /** Words that lead to it, without the program's name: `['baseline', 'save']`. */
  readonly words: readonly string[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly CompletedArgument[];
}

export interface CompletedOption {
  readonly long: string;
  /** With its dash; empty when there is none. */
  readonly short: string;
  readonly description: string;
  /** Null: a switch. */
  readonly value: CompletedValue | null;
  /** More than one makes sense. */
  readonly isRepeatable: boolean;
}

export interface CompletedArgument {
  readonly name: string;
  readonly value: CompletedValue;
  /** It takes all words that follow. */
  readonly isLast: boolean;
}

/** The program and every command below it, each before its own commands. */
export function completedCommands(command: Command, words: readonly string[] = []): CompletedCommand[] {
  const help = new Help();
  const inner = help.visibleCommands(command).filter((one) => one.name() !== 'help');
  return [
    {
      words,
      commands: inner.map((one) => ({ name: one.name(), description: one.description() })),
      options: help.visibleOptions(command).map(completedOption),
      arguments: command.registeredArguments.map((argument) => ({
        name: argument.name(),
        value: argument.argChoices ? wordsOf(argument.argChoices) : valueNamed(argument.name()),
        isLast: argument.variadic,
      })),
    },
    ...inner.flatMap((one) => completedCommands(one, [...words, one.name()])),
  ];
}

function completedOption(option: Option): CompletedOption {
  const { long = '', short = '', description, argChoices, defaultValue } = option;
  const isSwitch = !option.required && !option.optional;
  const [, placeholder = ''] = /[<[]([^>\]]+)[>\]]/.exec(option.flags) ?? [];
  const value = argChoices === undefined ? valueNamed(placeholder) : wordsOf(argChoices);
  return {
    long,
    short,
    description,
    value: isSwitch ? null : value,
    isRepeatable: Array.isArray(defaultValue),
  };
}
