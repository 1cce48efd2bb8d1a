/** What lies below the maps. */
import "./lente-feature-cubes.js";
import "./lente-feature-seen.js";
import "./lente-feature-studies.js";
