import "../elements/lente-lesson.js";
