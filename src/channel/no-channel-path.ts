import { NONE } from '../zarch/ids.ts';
import { ChannelPath } from './channel-path.ts';
import { PATH_GENERATIONS } from './path-generations.ts';

/** Stands in a subchannel for a path that is not installed: its bit is in no mask, so that nothing is ever started on it. */
export const noChannelPath = (): ChannelPath => new ChannelPath(NONE, NONE, PATH_GENERATIONS.ficon, 0, null);
