import { LOCAL } from '../support/actor.ts';
import { REMOTE } from '../support/remote-room.ts';
import { roomHandleContract } from '../support/room-handle-contract.ts';

roomHandleContract('in this process', LOCAL);
roomHandleContract('over JSON', REMOTE);
