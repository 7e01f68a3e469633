import './styles/app.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { CrashBoundary } from './app/CrashBoundary.tsx';
import { preloadRoom } from './app/preload.ts';
import { at } from './base.ts';
import { keepShell } from './shell.ts';
import { tellShortened } from './ui/shortened.ts';

// The editor is fetched beside the rest, not after it.
if (location.pathname.startsWith(at('r/'))) await preloadRoom();

createRoot(document.getElementById('root')!).render(
  <CrashBoundary>
    <App />
  </CrashBoundary>,
);

tellShortened(document);
if (import.meta.env.PROD) keepShell();
