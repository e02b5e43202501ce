import '../shared/fonts.css';
import '../shared/tokens.css';
import './page.css';
import './kiosk-app.ts';

// A kiosk has no second button: a long press does nothing.
addEventListener('contextmenu', (event) => event.preventDefault());
