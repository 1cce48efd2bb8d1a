import "../elements/lente-latent-map.js";
import "../elements/lente-term.js";
