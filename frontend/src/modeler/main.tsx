/** Starts the modeler in the browser: the model, the server's events, the routes. */
import { start } from '../start';
import { followModel, loadModel } from './documents';
import { connectEvents } from './events';
import { router } from './routes';

followModel();
void loadModel().then(connectEvents);
start(router);
