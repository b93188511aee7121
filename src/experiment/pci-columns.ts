import type { ComparedRun } from './compared-run.ts';
import type { ComparisonColumn } from './comparison-column.ts';
import type { SpanSummary } from './summary.ts';

const count = ({ counts }: SpanSummary, name: string): number => counts[name] ?? 0;

/** Block stores of whoever uses the functions: of guests where there are any, else of partitions. */
const made = (span: SpanSummary, { hasGuest }: ComparedRun): number =>
  count(span, hasGuest ? 'guest.pcistb' : 'host.pcistb');

/** What ways to an ISM function are compared by: what a move becomes in each layer, and whether it arrives. */
export const PCI_COLUMNS: readonly ComparisonColumn[] = [
  {
    name: 'pci.made',
    title: ['block', 'stores'],
    kind: 'count',
    place: 'phases',
    group: 'pci',
    doc: 'PCI STORE BLOCK in the system that uses a PCI function.',
    cell: made,
  },
  {
    name: 'pci.exits',
    title: ['PCI', 'exits'],
    kind: 'count',
    place: 'phases',
    group: 'pci',
    doc: 'How often a CPU left its guest for QEMU to handle a PCI instruction: `guest.pci_exit`.',
    cell: (span) => count(span, 'guest.pci_exit'),
  },
  {
    name: 'pci.writes',
    title: ['QEMU', 'writes'],
    kind: 'count',
    place: 'phases',
    group: 'pci',
    doc: 'Writes of QEMU into BARs of functions of its host: `vmm.pci_write`.',
    cell: (span) => count(span, 'vmm.pci_write'),
  },
  {
    name: 'pci.stores',
    title: ['machine', 'stores'],
    kind: 'count',
    place: 'phases',
    group: 'pci',
    doc: 'Stores for PCI functions on the machine, taken or refused: `machine.pci_store`, `machine.pci_refused`.',
    cell: (span) => count(span, 'machine.pci_store') + count(span, 'machine.pci_refused'),
  },
  {
    name: 'pci.refused',
    title: ['of them', 'refused'],
    kind: 'count',
    place: 'phases',
    group: 'pci',
    doc: 'Those of them that were not for this device: `machine.pci_refused`.',
    cell: (span) => count(span, 'machine.pci_refused'),
  },
  {
    name: 'pci.move',
    title: ['', 'move'],
    kind: 'time',
    place: 'phases',
    group: 'pci',
    doc: 'Request of a move of data into a shared buffer to the end of its last store, mean.',
    cell: ({ times }) => times['pci.move']?.mean ?? null,
  },
  {
    name: 'pci.verdict',
    title: ['ISM', 'verdict'],
    kind: 'word',
    place: 'run',
    group: 'pci',
    doc: 'Whether the way to an ISM function is one, in the words of `pci` in summary.json; those of several functions one after the other.',
    cell: (_span, { summary: { pci = [] } }) =>
      pci.length === 0 ? null : pci.map(({ verdict }) => verdict).join(', '),
  },
];
