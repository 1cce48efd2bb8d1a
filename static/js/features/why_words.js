import { N_ } from "../frame/i18n.js";

/**
 * @typedef {import("./state.js").Method} Method
 * @typedef {import("./state.js").Baseline} Baseline
 */

/** Each way of asking why: its name, what it shows, whether it takes many passes through the network. */
export const METHODS = /** @type {const} */ ([
  {
    name: "grad_cam",
    title: N_("Grad-CAM"),
    long: false,
    says: N_(
      "The maps of one layer, each weighed with how much the class gains from it, added up: one square for each of their units. Orange speaks for the class, blue against it (the method's first version left the blue out). Early layers are fine-grained, late ones coarse.",
    ),
  },
  {
    name: "saliency",
    title: N_("Saliency"),
    long: false,
    says: N_(
      "How much the class's score changes when a pixel changes a little: the size of the gradient, without its sign, the largest of the three channels, per unit of the normalised picture. It says where the network is sensitive, not what speaks for the class.",
    ),
  },
  {
    name: "integrated_gradients",
    title: N_("Integrated gradients"),
    long: true,
    says: N_(
      "The gradient added up on the way from a starting picture to this one: orange pixels raise the score, blue ones lower it, and together they make the difference in score. No starting picture says nothing, black neither: try another.",
    ),
  },
  {
    name: "occlusion",
    title: N_("Occlusion"),
    long: true,
    says: N_(
      "A square slides over the picture, and the network is asked again at each place: orange where the score falls without what lies there, blue where it rises.",
    ),
  },
]);

/** What integrated gradients come from and what occlusion covers with, as an option and inside a sentence. @type {Record<Baseline, {title: string, picture: string}>} */
export const BASELINES = {
  black: { title: N_("black"), picture: N_("the black picture") },
  white: { title: N_("white"), picture: N_("the white picture") },
  mean: { title: N_("the mean colour"), picture: N_("a picture of the mean colour") },
  blur: { title: N_("the picture, blurred"), picture: N_("the blurred picture") },
};
