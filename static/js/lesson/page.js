import "./lente-lesson.js";
