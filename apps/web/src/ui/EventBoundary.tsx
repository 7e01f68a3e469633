import type { ComponentProps, DOMAttributes, SyntheticEvent } from 'react';

/**
 * Ends an event for React. The browser's own event travels on: the libraries that close menus and hold the focus listen
 * for it at the document.
 */
const end = (event: SyntheticEvent): void => {
  event.isPropagationStopped = () => true;
};

/** Every way in which a person acts on something. */
const ENDS: DOMAttributes<HTMLElement> = {
  onClick: end,
  onDoubleClick: end,
  onAuxClick: end,
  onContextMenu: end,
  onMouseDown: end,
  onMouseUp: end,
  onMouseOver: end,
  onMouseOut: end,
  onMouseMove: end,
  onPointerDown: end,
  onPointerUp: end,
  onPointerMove: end,
  onPointerOver: end,
  onPointerOut: end,
  onPointerCancel: end,
  onTouchStart: end,
  onTouchMove: end,
  onTouchEnd: end,
  onTouchCancel: end,
  onWheel: end,
  onKeyDown: end,
  onKeyUp: end,
  onFocus: end,
  onBlur: end,
  onBeforeInput: end,
  onInput: end,
  onChange: end,
  onSubmit: end,
  onReset: end,
  onCopy: end,
  onCut: end,
  onPaste: end,
  onDragStart: end,
  onDragEnd: end,
  onDragOver: end,
  onDragEnter: end,
  onDragLeave: end,
  onDrop: end,
};

/**
 * The outermost element of a portal. React passes the events of a portal on to the component that opened it, as if the
 * portal lay inside: a click on an item of a row's menu would also be a click on the row.
 */
export function EventBoundary(props: ComponentProps<'div'>) {
  return <div {...props} {...ENDS} className="contents" />;
}
