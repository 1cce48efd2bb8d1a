import { hideControls } from "../frame/address.js";
import "../frame/lente-term.js";
import "./lente-one-kernel.js";
import "./lente-one-step.js";

hideControls();
