import { describe, expect, test } from 'vitest';
import { CLP_OPERATION, CLP_RESPONSE, SCLP_RESPONSE } from '../../src/zarch/clp.ts';
import { HANDLE, isEnabledHandle } from '../../src/zarch/pci.ts';
import { type ClpRequest, clpResponse, configureFunction, setFunction } from '../../src/zpci/clp.ts';
import { FUNCTION_STATES, type FunctionEvent, nextState } from '../../src/zpci/function-states.ts';
import { functionIn } from './rig.ts';

const EVENTS = [
  'add',
  'remove',
  'configure',
  'deconfigure',
  'enable',
  'disable',
  'fail',
  'break',
  'reset-block',
  'reset-error',
] as const satisfies readonly FunctionEvent[];

/** Every cell: − nothing happens, ! it is refused, else the first letters of the next state. */
const TABLE = `
                 add remove conf deconf enable disable fail break rblock rerror
reserved         st  -      !    !      !      !       -    -     !      !
standby          -   re     di   !      !      !       -    -     !      !
disabled         -   re     !    st     en     !       -    -     !      !
enabled          -   re     !    st     !      di      er   pe    !      !
blocked          -   re     !    st     !      di      er   pe    !      en
error            -   re     !    st     !      di      -    pe    bl     en
permanent-error  -   re     !    st     !      di      -    -     !      !
`;

describe('states of a PCI function', () => {
  const rows = TABLE.trim().split('\n').slice(1);

  test.each(rows.map((row) => row.split(/\s+/)))('%s', (...row) => {
    const [name, ...cells] = row;
    const state = FUNCTION_STATES.find((other) => other === name)!;
    const next = EVENTS.map((event) => {
      const to = nextState(state, event);
      return to === 'ignore' ? '-' : to === 'refuse' ? '!' : to.slice(0, 2);
    });
    expect(next).toEqual(cells);
  });

  test('the enabled bit is in the handle while the function is enabled, in error or not', () => {
    const on = FUNCTION_STATES.filter((state) => isEnabledHandle(functionIn(state).handle));
    expect(on).toEqual(['enabled', 'blocked', 'error', 'permanent-error']);
  });

  test('each time that it is enabled it is another instance, and nothing else changes', () => {
    const fn = functionIn('enabled');
    const first = fn.handle;
    fn.take('disable');
    fn.take('enable');
    expect((fn.handle & HANDLE.INSTANCE) >>> 24).toBe(((first & HANDLE.INSTANCE) >>> 24) + 1);
    expect(fn.handle & HANDLE.INDEX).toBe(1);
    expect(isEnabledHandle(fn.handle)).toBe(true);
    for (let again = 0; again < 300; again++) {
      fn.take('disable');
      fn.take('enable');
    }
    expect([fn.handle >= 0x8000_0000, fn.handle <= 0xffff_ffff]).toEqual([true, true]);
  });
});

describe('CALL LOGICAL PROCESSOR (QEMU reference 8.1)', () => {
  const request = (over: Partial<ClpRequest>): ClpRequest => ({
    command: 5,
    bytes: 32,
    handle: 1,
    group: 0,
    operation: CLP_OPERATION.ENABLE,
    dmaSpaces: 1,
    ...over,
  });
  const answer = (over: Partial<ClpRequest>, state: 'disabled' | 'enabled' = 'disabled'): number => {
    const fn = functionIn(state);
    return clpResponse(request({ handle: fn.handle, ...over }), [fn]);
  };

  test.each([
    ['list', { command: 2 }, 0x0010],
    ['query', { command: 3 }, 0x0010],
    ['query of no handle', { command: 3, handle: 9 }, 0x0101],
    ['the group', { command: 4 }, 0x0010],
    ['no such group', { command: 4, group: 7 }, 0x010b],
    ['enable', {}, 0x0010],
    ['enable of no handle', { handle: 9 }, 0x0101],
    ['enable without a DMA space', { dmaSpaces: 0 }, 0x0103],
    ['enable with two', { dmaSpaces: 2 }, 0x0104],
    ['disable of what is disabled', { operation: CLP_OPERATION.DISABLE }, 0x0102],
    ['an operation that nobody knows', { operation: 9 }, 0x0102],
    ['a request of 24 bytes', { bytes: 24 }, 0x0050],
    ['a wrong length, whatever else is wrong', { bytes: 24, command: 99 }, 0x0050],
    ['an unknown command', { command: 99 }, 0x0020],
  ])('%s', (_what, over, expected) => {
    expect(answer(over)).toBe(expected);
  });

  test('what is enabled cannot be enabled again, and is disabled by its new handle', () => {
    const fn = functionIn('disabled');
    const first = setFunction([fn], fn.handle, CLP_OPERATION.ENABLE);
    expect(first).toEqual({ response: CLP_RESPONSE.OK, handle: fn.handle });
    expect(setFunction([fn], fn.handle, CLP_OPERATION.ENABLE).response).toBe(CLP_RESPONSE.HANDLE_NOT_VALID);
    expect(setFunction([fn], 1, CLP_OPERATION.DISABLE).response).toBe(CLP_RESPONSE.INVALID_HANDLE);
    expect(setFunction([fn], first.handle, CLP_OPERATION.DISABLE).response).toBe(CLP_RESPONSE.OK);
    expect(fn.state).toBe('disabled');
  });
});

test('SCLP configures standby functions and deconfigures configured ones, and knows when there is nothing to do', () => {
  const of = (state: 'reserved' | 'standby' | 'disabled' | 'error', on: boolean): number =>
    configureFunction([functionIn(state)], 1, on);
  const { DONE, NO_ACTION, RESERVED, UNKNOWN_ADAPTER } = SCLP_RESPONSE;
  expect([of('reserved', true), of('standby', true), of('disabled', true)]).toEqual([
    RESERVED,
    DONE,
    NO_ACTION,
  ]);
  expect([of('reserved', false), of('standby', false), of('error', false)]).toEqual([
    RESERVED,
    NO_ACTION,
    DONE,
  ]);
  expect(configureFunction([], 1, true)).toBe(UNKNOWN_ADAPTER);
});
