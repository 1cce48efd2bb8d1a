export { Delaunay } from "d3-delaunay";
export { drag } from "d3-drag";
export { polygonHull } from "d3-polygon";
export { scaleLinear } from "d3-scale";
export { pointer, select } from "d3-selection";
export { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
