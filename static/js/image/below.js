/** What lies below the picture. */
import "./lente-channels.js";
import "./lente-resolution.js";
import "./lente-tensor-ladder.js";
