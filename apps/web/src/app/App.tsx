import { Suspense, useEffect } from 'react';
import { type AroundNavHandler, Route, Router, Switch } from 'wouter';
import { BASE } from '../base.ts';
import { useAppliedTheme } from '../desk/theme.ts';
import { useIdentity } from '../features/identity/identity.ts';
import { Landing } from './Landing.tsx';
import { mayLeave } from './leaving.ts';
import { NotFound } from './NotFound.tsx';
import { RoomRoute } from './preload.ts';

const leaving: AroundNavHandler = (navigate, to, options) => {
  if (mayLeave()) navigate(to, options);
};

export function App() {
  useAppliedTheme();
  const load = useIdentity((store) => store.load);
  useEffect(() => {
    void load();
  }, [load]);
  return (
    <Suspense fallback={null}>
      <Router base={BASE.slice(0, -1)} aroundNav={leaving}>
        <Switch>
          <Route path="/" component={Landing} />
          <Route path="/r/:id">{({ id }) => <RoomRoute id={id} />}</Route>
          <Route component={NotFound} />
        </Switch>
      </Router>
    </Suspense>
  );
}
