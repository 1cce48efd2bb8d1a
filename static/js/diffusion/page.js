import { hideControls } from "../frame/address.js";
import "./lente-diffusion-in.js";
import "./lente-diffusion-seen.js";
import "./lente-diffusion-out.js";
import "./lente-diffusion-told.js";
import "./lente-diffusion-scribble.js";
import "./lente-diffusion-fill.js";
import "./lente-diffusion-plane.js";
import "./lente-diffusion-versus.js";
import "./lente-diffusion-between.js";
import "../frame/lente-term.js";

hideControls();
