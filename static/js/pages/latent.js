import "../elements/lente-latent-film.js";
import "../elements/lente-latent-blend.js";
import "../elements/lente-latent-betas.js";
import "../elements/lente-latent-aim.js";
import "../elements/lente-latent-cloud.js";
import "../elements/lente-latent-map.js";
import "../elements/lente-latent-numbers.js";
import "../elements/lente-term.js";
