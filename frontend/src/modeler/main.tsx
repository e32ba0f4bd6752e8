/** Starts the modeler in the browser: styles with the page's nonce, the model, the routes. */
import {
  createDOMRenderer,
  FluentProvider,
  RendererProvider,
  webDarkTheme,
  webLightTheme,
} from '@fluentui/react-components';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import '../base.css';
import { ThemeProvider, useTheme } from '../theme';
import { followModel, loadModel } from './documents';
import { connectEvents } from './events';
import { router } from './routes';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

function Root(): React.JSX.Element {
  const { dark } = useTheme();
  useEffect(() => {
    document.documentElement.dataset.colorScheme = dark ? 'dark' : 'light';
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <FluentProvider theme={dark ? webDarkTheme : webLightTheme}>
      <RouterProvider router={router} />
    </FluentProvider>
  );
}

followModel();
void loadModel().then(connectEvents);

createRoot(document.getElementById('root')!).render(
  <RendererProvider renderer={renderer} targetDocument={document}>
    <ThemeProvider>
      <Root />
    </ThemeProvider>
  </RendererProvider>,
);
