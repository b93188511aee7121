#!/usr/bin/env node
import process from 'node:process';
import { buildSimulation } from '../scenario/build.ts';
import { runProgram } from './program.ts';
import { programInfo } from './program-info.ts';
import { nodeTerminal } from './terminal.ts';

process.exitCode = await runProgram(nodeTerminal(buildSimulation), programInfo(), process.argv.slice(2));
