/**
 * What a control unit is and what it knows, as data: one set per machine type, single facilities can be switched.
 * Names of the sets are what a scenario calls `facilities`.
 */
export interface Facilities {
  /** PREFIX (E7) and format-1 prefix data. */
  readonly prefix: boolean;
  /** READ TRACK DATA (A6), WRITE TRACK DATA (A5). */
  readonly readTrackData: boolean;
  readonly writeTrackData: boolean;
  /** Programs in transport mode (High Performance FICON), over several tracks too. */
  readonly transportMode: boolean;
  /** PSF 18 suborder 41: the feature bytes in which Linux looks for the four above. */
  readonly readFeatureCodes: boolean;
  /** PSF 18 suborder 0E: what each unit address of the logical subsystem is. */
  readonly unitAddressConfiguration: boolean;
  /** Unit-address types are stated, there and in the configuration data; otherwise these places are zero. */
  readonly unitAddressTypes: boolean;
  /** PSF 18 suborders 52 and 53: volume storage query, logical configuration query. */
  readonly volumeStorageQuery: boolean;
  readonly logicalConfigurationQuery: boolean;
  /** PSF order 1D. */
  readonly setSubsystemCharacteristics: boolean;
  /** SENSE PATH GROUP ID tells the path's state, and a PGID outlasts the group; otherwise only the PGID is kept. */
  readonly pathGroupStates: boolean;
  /** Groups in multipath mode; otherwise SET PATH GROUP ID with the multipath bit is refused. */
  readonly multipathMode: boolean;
  /** Hosts may use a device at the same time; otherwise another host's operation makes it busy. */
  readonly multipleAllegiance: boolean;
  /** Writes end when non-volatile storage has them; otherwise when the disk has. */
  readonly fastWrite: boolean;
}

export interface ControlUnitIdentity {
  /** Control-unit type and model of SENSE ID. */
  readonly type: number;
  readonly model: number;
  /** Command-information words: read configuration data, set interface identifier, read node identifier, … */
  readonly ciws: readonly number[];
  /** Bytes 6–9 of the device characteristics: subsystem facilities. */
  readonly features: number;
  /** Manufacturer (3) and plant (2) of the node-element descriptors. */
  readonly manufacturer: string;
  readonly plant: string;
}

export interface FacilitySet {
  readonly identity: ControlUnitIdentity;
  readonly facilities: Facilities;
}

const RCD_CIW = 0x40fa0100;
const SET_INTERFACE_CIW = 0x41270004;
const IBM = { manufacturer: 'IBM', plant: '13' } as const;

const NONE: Facilities = {
  prefix: false,
  readTrackData: false,
  writeTrackData: false,
  transportMode: false,
  readFeatureCodes: false,
  unitAddressConfiguration: false,
  unitAddressTypes: false,
  volumeStorageQuery: false,
  logicalConfigurationQuery: false,
  setSubsystemCharacteristics: false,
  pathGroupStates: true,
  multipathMode: true,
  multipleAllegiance: false,
  fastWrite: true,
};

const SERVER: Facilities = {
  ...NONE,
  prefix: true,
  readFeatureCodes: true,
  unitAddressConfiguration: true,
  unitAddressTypes: true,
  setSubsystemCharacteristics: true,
  multipleAllegiance: true,
};
const server = (type: number): ControlUnitIdentity => ({
  ...IBM,
  type,
  model: 0xe8,
  ciws: [RCD_CIW, SET_INTERFACE_CIW, 0x423e01a0, 0x433e0008],
  features: 0x528010b7,
});

export const FACILITY_SETS: Readonly<Record<string, FacilitySet>> = {
  '2107': {
    identity: server(0x2107),
    facilities: {
      ...SERVER,
      readTrackData: true,
      writeTrackData: true,
      volumeStorageQuery: true,
      logicalConfigurationQuery: true,
    },
  },
  '1750': {
    identity: server(0x1750),
    facilities: { ...SERVER, readTrackData: true, writeTrackData: true },
  },
  '2105': { identity: server(0x2105), facilities: { ...SERVER } },
  '3990-6': {
    identity: {
      ...IBM,
      type: 0x3990,
      model: 0xe9,
      ciws: [RCD_CIW, SET_INTERFACE_CIW, 0x423e0060],
      features: 0x50001010,
    },
    facilities: NONE,
  },
  '3990-3': {
    identity: {
      ...IBM,
      type: 0x3990,
      model: 0xec,
      ciws: [RCD_CIW, SET_INTERFACE_CIW, 0x423e0040],
      features: 0xd0001010,
    },
    facilities: NONE,
  },
  /** The 2107 of the Hercules emulator, as recorded: one path, and a path group of which only the PGID is kept. */
  hercules: {
    identity: { ...server(0x2107), manufacturer: 'HRC', plant: 'ZZ' },
    facilities: {
      ...SERVER,
      prefix: false,
      unitAddressTypes: false,
      pathGroupStates: false,
      multipleAllegiance: false,
    },
  },
};

/** The facilities of a set with single ones switched. */
export function facilitiesOf(set: FacilitySet, overrides: Readonly<Record<string, boolean>>): Facilities {
  return { ...set.facilities, ...overrides };
}
