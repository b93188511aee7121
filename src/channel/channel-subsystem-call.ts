import {
  CHSC,
  CHSC_RESPONSE,
  type ChannelPathDescription,
  type Characteristics,
  type ChscBlock,
  FACILITY_MULTIPLE_IMAGES,
  FACILITY_MULTIPLE_SUBCHANNEL_SETS,
  type SubchannelDescription,
} from '../zarch/chsc.ts';
import { decodeRequest, encodeResponse } from '../zarch/chsc-codec.ts';
import { subchannelId, subchannelNumberOf } from '../zarch/ids.ts';
import type { ChannelPath } from './channel-path.ts';
import type { MachineChannelSubsystem } from './image.ts';
import { MACHINE_REQUEST_RULES } from './request-rules.ts';
import type { Subchannel } from './subchannel.ts';

/** What CHANNEL SUBSYSTEM CALL answers for one image of the machine. Returns the response code; data go into the block. */
type Command = (image: MachineChannelSubsystem, block: ChscBlock) => number;

const COMMANDS: Readonly<Record<number, Command>> = {
  [CHSC.STORE_CHANNEL_PATH_DESCRIPTION]: storePathDescriptions,
  [CHSC.STORE_SUBCHANNEL_DESCRIPTION]: storeSubchannelDescriptions,
  [CHSC.STORE_EVENT_INFORMATION]: storeEventInformation,
  [CHSC.STORE_CHARACTERISTICS]: storeCharacteristics,
  [CHSC.ENABLE_FACILITY]: enableFacility,
};

/** Executes the request in `block`; a request given as bytes is checked first, and its response stored behind it. */
export function channelSubsystemCall(image: MachineChannelSubsystem, block: ChscBlock): void {
  const refused = block.bytes === null ? 0 : decodeRequest(block.bytes, block, MACHINE_REQUEST_RULES);
  block.response = refused === 0 ? execute(image, block) : refused;
  if (block.bytes !== null) encodeResponse(block, block.bytes);
}

function execute(image: MachineChannelSubsystem, block: ChscBlock): number {
  const command = COMMANDS[block.command];
  if (command === undefined) return CHSC_RESPONSE.INVALID_COMMAND;
  return isOwnImage(image, block) ? command(image, block) : CHSC_RESPONSE.INVALID_IMAGE;
}

/** A program may name its own image only, and must say with the m bit that it names one. */
const isOwnImage = (image: MachineChannelSubsystem, block: ChscBlock): boolean =>
  block.multipleCss === 0 ? block.cssid === 0 : block.cssid === image.cssid;

function storePathDescriptions(image: MachineChannelSubsystem, block: ChscBlock): number {
  if (!image.options.pathDescriptionFormats.includes(block.format)) return CHSC_RESPONSE.INVALID_REQUEST;
  block.pathDescriptions = image.channelPaths
    .filter((path) => (path.chpid & 0xff) >= block.first && (path.chpid & 0xff) <= block.last)
    .map((path) => describePath(image, path));
  return CHSC_RESPONSE.OK;
}

/** A CHPID in stand-by is described too: it is installed, and Linux keeps its object. */
function describePath(image: MachineChannelSubsystem, path: ChannelPath): ChannelPathDescription {
  const { typeCode, maximumDataCount } = path.generation;
  const mdc = image.options.transportMode === true ? maximumDataCount : 0;
  return { valid: image.hasPath(path), chpid: path.chpid & 0xff, type: typeCode, mdc };
}

function storeSubchannelDescriptions(image: MachineChannelSubsystem, block: ChscBlock): number {
  const descriptions: SubchannelDescription[] = [];
  for (let number = block.first; number <= block.last; number++) {
    const sch = image.subchannel(subchannelId(0, block.ssid, number));
    if (sch !== undefined) descriptions.push(describeSubchannel(sch));
  }
  block.subchannelDescriptions = descriptions;
  return CHSC_RESPONSE.OK;
}

function describeSubchannel(sch: Subchannel): SubchannelDescription {
  const { pmcw } = sch.schib;
  return {
    valid: true,
    subchannel: subchannelNumberOf(sch.id),
    subchannelType: pmcw.subchannelType,
    unitAddress: sch.unitAddress,
    deviceNumber: pmcw.deviceNumber,
    pathMask: pmcw.pim,
    flaValidMask: pmcw.pim,
    chpids: pmcw.chpids,
    fullLinkAddresses: sch.controlUnit.fullLinkAddresses,
  };
}

function storeEventInformation(image: MachineChannelSubsystem, block: ChscBlock): number {
  block.event = image.events.store(block.notifications);
  return block.event === null ? CHSC_RESPONSE.NO_EVENTS : CHSC_RESPONSE.OK;
}

/** General characteristic bits that Linux looks at (asm/css_chars.h): a program asks only for formats that a bit announces. */
function storeCharacteristics(image: MachineChannelSubsystem, block: ChscBlock): number {
  const { subchannelSets, pathDescriptionFormats } = image.options;
  const general: number[] = [GENERAL.EXTENDED_MEASUREMENT_BLOCK];
  if (subchannelSets > 1) general.push(GENERAL.MULTIPLE_SUBCHANNEL_SETS);
  if (pathDescriptionFormats.includes(1)) general.push(GENERAL.FORMAT_1_PATH_DESCRIPTION);
  if (pathDescriptionFormats.includes(3)) general.push(GENERAL.FORMAT_3_PATH_DESCRIPTION);
  if (image.options.transportMode === true) general.push(GENERAL.TRANSPORT_MODE);
  const characteristics: Characteristics = { general, chsc: [] };
  block.characteristics = characteristics;
  return CHSC_RESPONSE.OK;
}

const GENERAL = {
  MULTIPLE_SUBCHANNEL_SETS: 45,
  FORMAT_1_PATH_DESCRIPTION: 46,
  EXTENDED_MEASUREMENT_BLOCK: 48,
  TRANSPORT_MODE: 88,
  FORMAT_3_PATH_DESCRIPTION: 123,
} as const;

function enableFacility(image: MachineChannelSubsystem, block: ChscBlock): number {
  switch (block.operation) {
    case FACILITY_MULTIPLE_SUBCHANNEL_SETS:
      if (image.options.subchannelSets < 2) return CHSC_RESPONSE.FACILITY_NOT_PROVIDED;
      image.enabledSets = image.options.subchannelSets;
      return CHSC_RESPONSE.OK;
    case FACILITY_MULTIPLE_IMAGES:
      image.enableMultipleImages();
      return CHSC_RESPONSE.OK;
    default:
      return CHSC_RESPONSE.INVALID_REQUEST;
  }
}
