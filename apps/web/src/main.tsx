import './styles/app.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { keepShell } from './shell.ts';

createRoot(document.getElementById('root')!).render(<App />);

if (import.meta.env.PROD) keepShell();
