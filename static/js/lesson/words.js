import { N_ } from "../frame/i18n.js";

/**
 * What a step of the lesson says.
 *
 * @typedef {object} LessonWords
 * @property {string} title
 * @property {string} question
 * @property {string[]} [options] to choose from; without them the answer is a number
 * @property {string} task names of controls in square brackets, as many as the step has
 * @property {string} reveal
 * @property {string} note for the teacher
 */

/** @type {Record<string, LessonWords>} */
export const LESSON_WORDS = {
  pixels: {
    title: N_("An image is a table of numbers"),
    question: N_(
      "The picture of the three balls is 480 pixels wide and 320 high, and each pixel has three numbers. How many numbers is the machine given?",
    ),
    options: ["800", "153 600", "460 800"],
    task: N_("Choose [the picture of the three balls]. Then move over it."),
    reveal: N_(
      "480 × 320 × 3 = 460 800. The machine is given nothing else: no balls, no wall, no shadow. All that it will ever say about the picture must come out of this table and of the weights that it has learned.",
    ),
    note: N_(
      "Let one pupil read ten of the numbers aloud while the others guess what they are looking at. Nobody can, and that is the problem that the rest of the lesson solves.",
    ),
  },
  tensors: {
    title: N_("From a number to a tensor"),
    question: N_(
      "In a colour picture three indices lead to a number: channel, row and column. How many indices does it take in a batch of pictures?",
    ),
    task: N_("On the ladder of tensors, choose [4D]."),
    reveal: N_(
      "Four: which picture, which channel, which row, which column. The shape says the same: (4, 3, 10, 10) is four pictures of three channels of 10 × 10 pixels.",
    ),
    note: N_(
      "Say “axes” rather than “dimensions”: a vector of 11 numbers has one axis, and in mathematics it is a point in 11 dimensions. Ask what a fifth axis could be before you choose 5D.",
    ),
  },
  scale: {
    title: N_("From 0–255 to 0–1"),
    question: N_("The pixel in row 166, column 273 has a red of 204. What is it on the scale where 255 becomes 1?"),
    task: N_("Let the numbers go [from 0 to 1]."),
    reveal: N_(
      "204 / 255 = 0.8. The picture stays the same. Networks learn better from small numbers of a similar size, so pictures are divided like this before the first layer sees them.",
    ),
    note: N_("Why 255? A byte can tell 256 values apart, and counting begins at 0."),
  },
  colour: {
    title: N_("Three tables make a colour"),
    question: N_(
      "A pixel of the red ball has red 186, green 48 and blue 35. What will the ball look like once red is switched off?",
    ),
    options: [N_("Almost black"), N_("White"), N_("Still red, only darker")],
    task: N_("Take away [the tick of the red channel]."),
    reveal: N_(
      "0, 48, 35: hardly any light is left, so it is almost black. What we call red is a large number in the first table and small ones in the other two.",
    ),
    note: N_(
      "Then leave red alone on: the white of the wall becomes red too. A channel says how much red there is, not which things are red. The convolution in colour comes back to this.",
    ),
  },
  kernel: {
    title: N_("What does a convolution do?"),
    question: N_(
      "The kernel, a small table of weights on the right, lies on the nine numbers on the left. Multiply each number by the weight that lies on it and add everything up. What is the sum?",
    ),
    task: N_("Choose the example [“What does it do?”] and look at the first value of the output."),
    reveal: N_(
      "0.6 × (−2) = −1.2, and every other product is 0. This kernel adds what is on the left and takes away what is on the right: where both are equal nothing is left, at an edge a lot is.",
    ),
    note: N_(
      "Play the stepper slowly and let the class say each value before it appears. The window outside of the picture finds zeros: do not explain yet why, it is the step after the next.",
    ),
  },
  smaller: {
    title: N_("Does the image get smaller?"),
    question: N_(
      "A window of 3 × 3 slides over 5 × 5 numbers and never leaves them. How many values does the output have along each side?",
    ),
    task: N_("Choose the example [“Does it shrink?”]."),
    reveal: N_(
      "Three: along a side of five the window finds three places, 5 − 3 + 1. The output is 12 12 17 / 10 17 19 / 9 6 14. Each further convolution takes one more ring off the edge: ten in a row, 20 pixels of the width and of the height.",
    ),
    note: N_(
      "Let the class find the rule n − k + 1 with their fingers on the board before you show the formula below the exhibit.",
    ),
  },
  padding: {
    title: N_("Padding"),
    question: N_(
      "A ring of zeros is put around the picture. That is called padding, and now the kernel also fits over the corner. What is the sum there?",
    ),
    task: N_("Write 1 into the field [“Padding”]."),
    reveal: N_(
      "5 × 60 − 113 − 73 = 114. With the ring 5 × 5 numbers go in and 5 × 5 come out: the size stays, at the price of zeros that nobody photographed.",
    ),
    note: N_(
      "The list beside the field offers other ways to continue the picture: mirrored, with its edge repeated, or from the opposite side. Ask which of them the class would choose for a photograph.",
    ),
  },
  cube: {
    title: N_("Convolution in colour"),
    question: N_(
      "A colour picture has three channels, so the kernel has three slices. How many maps come out of one such kernel?",
    ),
    task: N_("Choose the example [“Colour”]."),
    reveal: N_(
      "One. Each slice gives a partial picture, and the three are added up pixel by pixel. One kernel, one map: a layer with 32 maps has 32 such cubes.",
    ),
    note: N_(
      "Many expect three maps. Show the partial pictures below the exhibit and switch one off: the sum changes, the number of maps does not.",
    ),
  },
  pooling: {
    title: N_("Max pooling"),
    question: N_(
      "Of each window of 2 × 2 only the largest number goes on. Which one goes on from the window at the top right?",
    ),
    task: N_("In “The window”, change average pooling to [max pooling]."),
    reveal: N_(
      "The largest of 5, 2, 1 and 6 is 6. Sixteen numbers become four: 8 6 / 9 9. What was found is still there; where exactly it was is lost.",
    ),
    note: N_(
      "There are no weights here, so nothing is learned. The average of the same window is 3.5: ask which of the two keeps an edge that was found.",
    ),
  },
  stride: {
    title: N_("Strided convolution"),
    question: N_(
      "There are 7 × 7 numbers and a kernel of 3 × 3 that moves two places at a time: its stride is 2. How many values does the output have along each side?",
    ),
    task: N_("Write 2 into the field [“Stride”]."),
    reveal: N_(
      "Three: the window begins at 0, at 2 and at 4. The first value is 91, as before, but of 25 places only 9 are computed.",
    ),
    note: N_(
      "Pooling computes everything and then throws numbers away; stride does not compute them at all. The two are compared below the exhibit.",
    ),
  },
  flatten: {
    title: N_("Flatten"),
    question: N_(
      "Row after row, the table becomes one list. At which place of the list does the 4 stand, counting from 0?",
    ),
    task: N_("In “The window”, choose [Flatten]. Then point at [the 4]."),
    reveal: N_(
      "At place 3: before it comes one row of three, at places 0, 1 and 2. No number is lost, but the two that lay one above the other are three places apart now.",
    ),
    note: N_(
      "Formula: row × width + column. It is what the layers that decide are given: they know nothing of rows and columns.",
    ),
  },
  decide: {
    title: N_("Flatten to decide"),
    question: N_(
      "The last layers read lists. The score of the 3 is a sum of products: every number of the layer before times a weight of its own. How many products are there?",
    ),
    task: N_("In the layer dense2, press [the cell of the 3]."),
    reveal: N_(
      "100, one for each unit of the layer before; one number more, the bias, is added at the end. Ten digits, ten such sums: the largest score wins, and softmax turns the ten into probabilities that add up to 1.",
    ),
    note: N_(
      "The strongest products come first in the list. Write a 3 that nearly is an 8 and watch which of them give way.",
    ),
  },
  network: {
    title: N_("A convolutional network at work"),
    question: N_(
      "A number of conv2 looks through windows of 5 × 5 at all ten maps of pool1. How many products make it up?",
    ),
    task: N_("Press [any cell of the layer conv2]."),
    reveal: N_(
      "5 × 5 × 10 = 250 products and one bias, all of them written out where the sum is explained. The same 250 weights serve the whole map: that is why a convolution has so few.",
    ),
    note: N_(
      "Clear the pad and let pupils write digits. Then a small one in a corner, with and without “Centre it as MNIST did”.",
    ),
  },
  learn: {
    title: N_("A network learns"),
    question: N_(
      "A weight is 0.5. The gradient says that the loss grows by 4 for each 1 that the weight grows, and the learning rate is 0.1. What is the weight after one step of descent?",
    ),
    task: N_("Press [“Play”] and wait until it has arrived. Then press [“Another start”] and play again."),
    reveal: N_(
      "0.5 − 0.1 × 4 = 0.1: the gradient says which way is up, so the step goes the other way. Nine weights do so at once, step after step, and from any start they end at the hidden kernel. Nobody wrote it there.",
    ),
    note: N_(
      "Then push the learning rate far to the right and play once more: above the limit that stands below the buttons each step leaps over the valley, and the loss runs away.",
    ),
  },
  blame: {
    title: N_("Who is to blame?"),
    question: N_(
      "The network's share for the right digit, the 5, is 0.766. What comes back from the loss to a score is its share, less 1 if it is the right digit's. What comes back to the score of the 5?",
    ),
    task: N_("In the layer dense2, press [the cell of the 5]."),
    reveal: N_(
      "0.766 − 1 = −0.234: the loss falls where this score grows. Each other score gets back its own share, which is to fall, and all ten add up to 0. From here the blame is passed back, layer by layer, to every weight.",
    ),
    note: N_(
      "Press a cell of conv2 and walk from unit to unit, always to the strongest, until you are at the loss. Where ReLU was shut, or another number won in max pooling, nothing comes back.",
    ),
  },
  layer: {
    title: N_("A layer and its dimensions"),
    question: N_(
      "The first layer of this network, conv1, has kernels of 7 × 7 and reads a photograph in colour. How many weights does one of its kernels have?",
    ),
    task: N_("Choose [conv1] in the list of layers."),
    reveal: N_(
      "7 × 7 × 3 = 147. There are 32 such kernels, so 32 maps come out. The shape is 32 × 64 × 64: half of the 128 × 128 pixels that the layer is given, because the stride is 2.",
    ),
    note: N_(
      "Walk down the list and read the shapes aloud: the maps become fewer pixels and more maps. Then ask what a single number of the last ones can still say about a place.",
    ),
  },
  bottleneck: {
    title: N_("The bottleneck"),
    question: N_(
      "An autoencoder must copy a picture of 784 numbers by way of a code of 2. How many numbers share one of the code?",
    ),
    task: N_("At “Numbers in the code”, choose [2]."),
    reveal: N_(
      "784 / 2 = 392. The copy is blurred, but still a digit: the decoder has learned what digits look like, and the code need only say which one.",
    ),
    note: N_(
      "Draw something that is no digit, a house or a letter: the copy becomes a digit all the same. What the network has not seen does not fit through the bottleneck.",
    ),
  },
  places: {
    title: N_("Where the codes lie"),
    question: N_(
      "In the corner at the bottom left of the map no digit lies. How sure is the digit network of what the decoder draws there?",
    ),
    options: [N_("Less than 20 %: it is noise"), N_("About 50 %"), N_("More than 90 %")],
    task: N_("Drag the mark into [the empty corner at the bottom left]."),
    reveal: N_(
      "More than 90 %, everywhere in that corner: what the decoder draws there is read as a 3, and the judge takes it for a digit too, where no digit lies. Such sureness is no proof. And the codes reach from −51.4 to 119.9: without the dots nobody would know where to aim.",
    ),
    note: N_(
      "One often reads that an autoencoder's gaps decode to garbage. With two numbers they mostly do not. What does hold: nobody told the codes where to lie, so one cannot draw new ones.",
    ),
  },
  latent: {
    title: N_("From copying to generating"),
    question: N_("Look at the colours of the map. Which digit will the decoder draw at z = (0, −2.5)?"),
    task: N_("Take the mark to (0, −2.5), on [the map] or with [the two sliders]."),
    reveal: N_(
      "A 1, and no picture went in: two numbers were enough. An encoder and a decoder together copy; a decoder on its own generates.",
    ),
    note: N_(
      "Drag slowly from one colour to the next and let the class call out when the digit changes. Where would they put the border between 4 and 9?",
    ),
  },
  cloud: {
    title: N_("From deterministic to stochastic"),
    question: N_(
      "A variational autoencoder answers with a cloud: its middle, mu, and its spread, sigma. Sixteen places are drawn from it. How many different pictures do they give if sigma is 0?",
    ),
    task: N_("Take [the slider of sigma] to 0."),
    reveal: N_(
      "One. A place is z = mu + sigma × epsilon: with sigma 0 the dice change nothing. If mu is 0.1, sigma 0.2 and the dice say 0.9, then z = 0.1 + 0.2 × 0.9 = 0.28.",
    ),
    note: N_(
      "Press “A worked example” below for all four numbers, then take sigma to 5: from which value on do the pictures cease to be the same digit?",
    ),
  },
  noise: {
    title: N_("Noise in"),
    question: N_(
      "A step of diffusion keeps a = 0.8 of the picture and puts in s = 0.6 of noise. A white pixel is 1, and the noise there is −0.5. What is the noisy pixel?",
    ),
    task: N_("Take [the slider of the step] to 1000."),
    reveal: N_(
      "0.8 × 1 + 0.6 × (−0.5) = 0.5. At the last step nothing is left of the picture: a is nearly 0, and s nearly 1. The network is shown such mixtures, at all steps, and asked for the noise; whoever mixed them knows the answer.",
    ),
    note: N_(
      "Stop at 300, 500, 700: from which step on does nobody in the room recognise the digit? Then go on to “What the network sees” and let the network try.",
    ),
  },
  flow: {
    title: N_("Noise out"),
    question: N_(
      "The points without a colour begin as pure noise. At each step they go a little against the noise that a network finds where they are. How will they lie at the end?",
    ),
    options: [N_("All in one place"), N_("As the codes of real digits lie"), N_("As they lay at the beginning")],
    task: N_("Take [the slider] to step 0, or press “Play”."),
    reveal: N_(
      "As the codes of real digits lie. No point was told where to go, nor which digit to become: that was decided by where it began. Each is a code that nobody ever had, and the decoder draws it. The networks that draw pictures from noise do this with all the pixels at once.",
    ),
    note: N_(
      "Drag the ring a little at a time: most places end at the same kind of digit as their neighbours, and along some lines the smallest step decides for another. Which digits lie on either side?",
    ),
  },
};

/**
 * The words of a task; those at odd places name a control.
 *
 * @param {string} task translated
 * @returns {string[]}
 */
export function taskParts(task) {
  return task.split(/[[\]]/);
}
