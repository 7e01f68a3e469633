declare module 'culori' {
  export type Color = { mode: string; l?: number; c?: number; h?: number; alpha?: number };
  export function parse(text: string): Color | undefined;
  export function wcagContrast(a: Color, b: Color): number;
  export function inGamut(mode: 'rgb'): (color: Color) => boolean;
}
