import { z } from 'zod';
import { DCM_MODES } from '../pathing/dcm.ts';
import { chpids, name, oneOf, positiveTime, ratio, time, truth, whole } from './fields.ts';

/** The part of the schema for what is done to the machine on purpose: service, and channels that move. */
const at = () => time().describe('Simulated time, ns.');
const label = () => name().optional().describe('Names this moment: a phase begins here.');

export const serviceSchema = z.strictObject({
  do: oneOf(['service']).describe(
    'Ports of a control unit go out of service for a time, after its hosts have agreed or without a word (B.12).',
  ),
  at: at(),
  name: label(),
  controlUnit: z.string().describe('Control unit concerned.'),
  port: z
    .union([whole(0, 7), z.array(whole(0, 7)).min(1)])
    .describe('Port, or several of them: the position of the CHPID among the paths of the control unit.'),
  for: positiveTime().describe('Time out of service, ns.'),
  cuir: truth()
    .prefault('true')
    .describe('The hosts are asked before, and told afterwards (control-unit initiated reconfiguration).'),
  answer: positiveTime()
    .prefault('30s')
    .describe('Attention → answer; who takes longer is taken to need the path, ns (not published).'),
  settle: positiveTime()
    .prefault('1s')
    .describe('All have agreed → port away, and port back → hosts told, ns (not published).'),
});

export const moveChannelSchema = z.strictObject({
  do: oneOf(['move-channel']).describe('Managed CHPIDs move to another control unit (B.15).'),
  at: at(),
  name: label(),
  chpid: chpids().describe('Managed channel paths concerned.'),
  to: z.string().describe('Control unit that they move to.'),
});

export type ParsedService = z.output<typeof serviceSchema>;
export type ParsedMoveChannel = z.output<typeof moveChannelSchema>;

export const dcmSchema = z
  .strictObject({
    mode: oneOf(DCM_MODES)
      .prefault('off')
      .describe('off: only move-channel moves them; balance: equal loads; goal: a limit for waiting (C1).'),
    interval: positiveTime().prefault('10s').describe('Time between two looks at the loads, ns.'),
    threshold: ratio()
      .prefault('0.1')
      .describe('With balance: difference between two mean utilisations that is worth a move, 0 to 1.'),
    goal: positiveTime()
      .prefault('1ms')
      .describe('With goal: mean start-pending time that no control unit should exceed, ns.'),
    maxMoves: whole(1, 1_000_000).prefault('1000').describe('Moves after which channels stay.'),
    minPaths: whole(1, 8).prefault('1').describe('Channel paths that every control unit keeps.'),
    gap: positiveTime().prefault('1s').describe('A channel has left → it arrives, ns (B.15).'),
  })
  .prefault({});
export type ParsedDcm = z.output<typeof dcmSchema>;
