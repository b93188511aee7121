import { assert } from '../../kernel/assert.ts';
import type { PendingState } from '../interrupts.ts';
import type { VirtualSubchannel } from '../subchannel.ts';
import type { VirtualChannelSubsystem } from '../virtual-css.ts';
import { type CssState, loadCss, saveCss } from './css-state.ts';
import { type DeviceState, loadDevice, saveDevice } from './device-state.ts';
import type { LoadProblem } from './problem.ts';
import { isMigratable, sectionName } from './section-names.ts';

/** The floating interrupt controller: suppression of adapter interruptions, and what is pending where that is sent. */
interface ControllerState {
  readonly kind: 'controller';
  readonly suppression: { readonly single: number; readonly stopped: number };
  readonly pending: PendingState | null;
}

type State = ControllerState | CssState | DeviceState;

/** One section of the state that goes from one QEMU to another. */
export interface Section {
  /** As the destination looks for it (SaveStateEntry.idstr). */
  readonly id: string;
  readonly state: State;
}

/** What a QEMU has registered to be saved and loaded, in the order of the stream. */
interface Entry {
  readonly id: string;
  /** The device; null for what belongs to the machine. */
  readonly sch: VirtualSubchannel | null;
  save(): State;
  load(state: State): LoadProblem | null;
}

/**
 * The device because of which a QEMU does not let its guest go; null: it does. `carries`: passed-through devices go along, as
 * no QEMU lets them.
 */
export const blockingDevice = (css: VirtualChannelSubsystem, carries = false): VirtualSubchannel | null =>
  css.devices.realized.find(({ device }) => !isMigratable(device) && !(carries && device.passedThrough)) ??
  null;

/**
 * What one QEMU has of a guest that stands still goes to another one. Both run the machine type that the older of them
 * knows, and that decides what is sent. Null: all of it fits.
 */
export function transfer(
  source: VirtualChannelSubsystem,
  destination: VirtualChannelSubsystem,
  loaded: Loaded = () => {},
): LoadProblem | null {
  const withPending = source.features.pendingSent && destination.features.pendingSent;
  return loadSections(destination, saveSections(source, withPending), loaded);
}

/** All sections of a guest that stands still. `withPending`: the machine type has what is pending migrated under TCG too. */
export const saveSections = (css: VirtualChannelSubsystem, withPending: boolean): Section[] =>
  entriesOf(css, withPending).map((entry) => ({ id: entry.id, state: entry.save() }));

/** Told of each section that was loaded, with its device. */
export type Loaded = (section: Section, sch: VirtualSubchannel | null) => void;

/**
 * Loads sections one by one, until one does not fit: there is no way back from what has been loaded until then. A device
 * that the stream says nothing of stays as it was realized.
 */
export function loadSections(
  css: VirtualChannelSubsystem,
  sections: readonly Section[],
  loaded: Loaded,
): LoadProblem | null {
  const entries = new Map(entriesOf(css, true).map((entry) => [entry.id, entry]));
  for (const section of sections) {
    const entry = entries.get(section.id);
    if (entry === undefined) return { kind: 'unknown-section', section: section.id };
    const problem = entry.load(section.state);
    if (problem !== null) return problem;
    loaded(section, entry.sch);
  }
  return null;
}

/** Devices come in the order in which they were realized, behind what the machine had before them. */
function entriesOf(css: VirtualChannelSubsystem, withPending: boolean): Entry[] {
  const controller: Entry = {
    id: css.options.accelerator === 'tcg' ? 'qemu-s390-flic' : 's390-flic',
    sch: null,
    save: () => saveController(css, withPending),
    load: (state) => loadController(css, state),
  };
  const subsystem: Entry = {
    id: 's390_css',
    sch: null,
    save: () => saveCss(css),
    load: (state) => {
      assert(state.kind === 'css', 'a section has the state of its own kind');
      return loadCss(css, state);
    },
  };
  const devices = css.devices.realized.map(
    (sch): Entry => ({
      id: sectionName(sch),
      sch,
      save: () => saveDevice(sch),
      load: (state) => {
        assert(state.kind === 'device', 'a section has the state of its own kind');
        loadDevice(css, sch, state);
        return null;
      },
    }),
  );
  return [controller, ...(css.features.cssSection ? [subsystem] : []), ...devices];
}

/** KVM has its kernel tell everything that is pending (kvm_flic_save); QEMU's own controller keeps it for itself at first. */
function saveController(css: VirtualChannelSubsystem, withPending: boolean): ControllerState {
  const isSent = css.options.accelerator === 'kvm' || withPending;
  return {
    kind: 'controller',
    suppression: css.adapters.save(),
    pending: isSent ? css.interrupts.save() : null,
  };
}

function loadController(css: VirtualChannelSubsystem, state: State): null {
  assert(state.kind === 'controller', 'a section has the state of its own kind');
  css.adapters.load(state.suppression);
  if (state.pending !== null) css.interrupts.load(state.pending);
  return null;
}
