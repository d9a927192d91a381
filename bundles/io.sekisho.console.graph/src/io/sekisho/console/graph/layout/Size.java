package io.sekisho.console.graph.layout;

/** Width and height in pixels at 100 %. */
public record Size(int width, int height) {}
