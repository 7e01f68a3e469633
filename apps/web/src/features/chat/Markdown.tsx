import type { ParticipantId } from '@codesync/protocol';
import clsx from 'clsx';
import { Fragment, memo, type ReactNode, useMemo } from 'react';
import { useRoom } from '../../desk/room.tsx';
import { CodeBlock } from './CodeBlock.tsx';
import { type Node, parseMarkdown } from './markdown.ts';

/** What a message says. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const nodes = useMemo(() => parseMarkdown(text), [text]);
  return <div className="flex min-w-0 flex-col gap-1.5 [overflow-wrap:anywhere]">{drawn(nodes)}</div>;
});

function drawn(nodes: readonly Node[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: what is drawn of one text never moves
  return nodes.map((node, i) => <Fragment key={i}>{one(node)}</Fragment>);
}

function one(node: Node): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'code':
      return <code className="rounded-sm bg-surface-2 px-1 font-mono text-xs">{node.text}</code>;
    case 'break':
      return <br />;
    case 'rule':
      return <hr className="border-line" />;
    case 'mention':
      return <Mention id={node.id as ParticipantId} />;
    case 'block':
      return <CodeBlock text={node.text} info={node.info} />;
    case 'link':
      return (
        <a
          href={node.href}
          title={node.href}
          target="_blank"
          rel="noopener noreferrer"
          className="text-accent underline underline-offset-2 hover:text-accent-hover"
        >
          {drawn(node.children)}
        </a>
      );
    case 'list':
      return node.start === null ? (
        <ul className="list-disc pl-5">{drawn(node.children)}</ul>
      ) : (
        <ol start={node.start} className="list-decimal pl-6">
          {drawn(node.children)}
        </ol>
      );
    case 'item':
      return <li>{drawn(node.children)}</li>;
    case 'table':
      return (
        <div className="overflow-x-auto">
          <table className="border-collapse text-xs">
            <tbody>{drawn(node.children)}</tbody>
          </table>
        </div>
      );
    case 'row':
      return <tr>{drawn(node.children)}</tr>;
    case 'head':
      return <th className={`${CELL} font-medium`}>{drawn(node.children)}</th>;
    case 'cell':
      return <td className={CELL}>{drawn(node.children)}</td>;
    case 'plain':
      return drawn(node.children);
    case 'paragraph':
      return <p>{drawn(node.children)}</p>;
    case 'heading':
      return <p className="font-semibold">{drawn(node.children)}</p>;
    case 'quote':
      return (
        <blockquote className="flex flex-col gap-1.5 border-line-strong border-l-2 pl-2.5 text-ink-2">
          {drawn(node.children)}
        </blockquote>
      );
    case 'strong':
      return <strong className="font-semibold">{drawn(node.children)}</strong>;
    case 'em':
      return <em>{drawn(node.children)}</em>;
    case 'del':
      return <del>{drawn(node.children)}</del>;
  }
}

const CELL = 'border border-line px-2 py-0.5 text-left';

/** Somebody who is named, by the name that they have now. */
function Mention({ id }: { id: ParticipantId }) {
  const name = useRoom(({ room }) => room.members.get(id)?.name);
  const isYou = useRoom(({ you }) => you?.id === id);
  return (
    <span
      className={clsx(
        'rounded-sm px-0.5 font-medium',
        isYou ? 'bg-accent text-on-accent' : 'bg-accent-soft text-accent',
      )}
    >
      @{name ?? 'someone'}
    </span>
  );
}
