/** Starts the modeler in the browser. */
document.getElementById('root')!.textContent = 'The modeler';
