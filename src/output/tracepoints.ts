import { PrintFormat } from './printf.ts';

/** Subchannel identification: cssid, ssid, subchannel number. */
const SCHID = 'schid=%x.%x.%04x';
const SCHIB = `${SCHID} cc=%d ena=%d st=%d dnv=%d dev=%04x lpm=0x%02x pnom=0x%02x lpum=0x%02x pim=0x%02x pam=0x%02x pom=0x%02x chpids=%016x`;

/**
 * Tracepoints of the common I/O layer (system `s390`, drivers/s390/cio/trace.h) and of vfio-ccw (vfio_ccw_trace.h), with
 * the text that ftrace prints of each.
 */
const TEXTS = {
  s390_cio_stsch: SCHIB,
  s390_cio_msch: SCHIB,
  s390_cio_tsch: `${SCHID} cc=%d dcc=%d pno=%d fctl=0x%x actl=0x%x stctl=0x%x dstat=0x%x cstat=0x%x`,
  s390_cio_tpi: `${SCHID} cc=%d a=%d isc=%d type=%d`,
  s390_cio_ssch: `${SCHID} cc=%d`,
  s390_cio_csch: `${SCHID} cc=%d`,
  s390_cio_hsch: `${SCHID} cc=%d`,
  s390_cio_xsch: `${SCHID} cc=%d`,
  s390_cio_rsch: `${SCHID} cc=%d`,
  s390_cio_rchp: 'chpid=%x.%02x cc=%d',
  s390_cio_chsc: 'code=0x%04x cc=%d rcode=0x%04x',
  s390_cio_interrupt: `${SCHID} isc=%d type=%d`,
  s390_cio_adapter_int: 'isc=%d',
  s390_cio_stcrw: 'cc=%d slct=%d oflw=%d chn=%d rsc=%d anc=%d erc=0x%x rsid=0x%x',
  vfio_ccw_chp_event: `${SCHID} mask=0x%x event=%d`,
  vfio_ccw_fsm_async_request: `${SCHID} command=0x%x errno=%d`,
  vfio_ccw_fsm_event: `${SCHID} state=%d event=%d`,
  vfio_ccw_fsm_io_request: `${SCHID} fctl=0x%x errno=%d info=%s`,
} as const;

export type Tracepoint = keyof typeof TEXTS;
export const TRACEPOINT_NAMES = Object.keys(TEXTS) as Tracepoint[];

export const TRACEPOINTS = Object.fromEntries(
  TRACEPOINT_NAMES.map((name) => [name, new PrintFormat(TEXTS[name])]),
) as Readonly<Record<Tracepoint, PrintFormat>>;

/** Formats of the fields by name; a name means the same in every tracepoint. */
export const TRACEPOINT_FIELDS: ReadonlyMap<string, PrintFormat> = new Map(
  Object.values(TEXTS).flatMap((text) =>
    text.split(' ').map((field): [string, PrintFormat] => {
      const [name, format] = field.split('=');
      return [name, new PrintFormat(format)];
    }),
  ),
);
