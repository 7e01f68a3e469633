import './styles/app.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { CrashBoundary } from './app/CrashBoundary.tsx';
import { keepShell } from './shell.ts';
import { tellShortened } from './ui/shortened.ts';

createRoot(document.getElementById('root')!).render(
  <CrashBoundary>
    <App />
  </CrashBoundary>,
);

tellShortened(document);
if (import.meta.env.PROD) keepShell();
