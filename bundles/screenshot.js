export { domToCanvas } from "modern-screenshot";
