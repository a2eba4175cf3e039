import { useComputedColorScheme } from '@mantine/core';
import { type RefObject, useEffect, useRef, useState } from 'react';

export type Draw = (context: CanvasRenderingContext2D, css: CSSStyleDeclaration) => void;

/**
 * A canvas as sharp as the screen, drawn anew when its size, the light or dark scheme or `draw` changes, or a font came;
 * `draw` works in CSS pixels and takes colours from the canvas' own style. Nothing is drawn before the width is known.
 */
export function useDrawing(width: number, height: number, draw: Draw): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme('light');
  const [fonts, setFonts] = useState(0);
  useEffect(() => {
    const onFont = () => setFonts((before) => before + 1);
    document.fonts.addEventListener('loadingdone', onFont);
    return () => document.fonts.removeEventListener('loadingdone', onFont);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme stands for the colours that the style answers, fonts for what text is drawn with
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = width * ratio;
    canvas.current.height = height * ratio;
    context.scale(ratio, ratio);
    draw(context, getComputedStyle(canvas.current));
  }, [width, height, scheme, fonts, draw]);
  return canvas;
}
