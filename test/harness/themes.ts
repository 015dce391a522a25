/** The variables of VS Code's four default themes that the pages use, as a webview receives them. */
type Theme = { readonly kind: string; readonly variables: Readonly<Record<string, string>> };
const SHARED = { 'font-family': 'DejaVu Sans, sans-serif', 'font-size': '13px', 'font-weight': 'normal', 'editor-font-family': 'DejaVu Sans Mono, monospace' };

export const THEMES: Readonly<Record<'dark' | 'light' | 'highContrast' | 'highContrastLight', Theme>> = {
  dark: {
    kind: 'vscode-dark', variables: {
      ...SHARED, foreground: '#cccccc', descriptionForeground: '#9d9d9d', 'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', 'panel-background': '#181818', 'panel-border': '#2b2b2b',
      focusBorder: '#0078d4', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff', 'list-hoverBackground': '#2a2d2e', 'editorWidget-background': '#202020',
      'badge-background': '#616161', 'badge-foreground': '#f8f8f8', 'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'dropdown-background': '#313131', 'dropdown-foreground': '#cccccc',
      'charts-red': '#f14c4c', 'charts-blue': '#3794ff', 'charts-yellow': '#cca700', 'charts-orange': '#d18616', 'charts-green': '#89d185', 'charts-purple': '#b180d7', 'textLink-foreground': '#4daafc',
      'editorLineNumber-foreground': '#8a8a8a', 'progressBar-background': '#0078d4', 'panelTitle-activeForeground': '#cccccc', 'panelTitle-inactiveForeground': '#9d9d9d', 'symbolIcon-classForeground': '#ee9d28',
      'menu-background': '#1f1f1f', 'menu-foreground': '#cccccc', 'menu-selectionBackground': '#0078d4', 'menu-selectionForeground': '#ffffff', 'input-placeholderForeground': '#a9a9a9',
    },
  },
  light: {
    kind: 'vscode-light', variables: {
      ...SHARED, foreground: '#3b3b3b', descriptionForeground: '#5f5f5f', 'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', 'panel-background': '#f8f8f8', 'panel-border': '#e5e5e5',
      focusBorder: '#005fb8', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000', 'list-hoverBackground': '#f2f2f2', 'editorWidget-background': '#f8f8f8',
      'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b', 'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#3b3b3b',
      'charts-red': '#e51400', 'charts-blue': '#1a85ff', 'charts-yellow': '#bf8803', 'charts-orange': '#d18616', 'charts-green': '#388a34', 'charts-purple': '#652d90', 'textLink-foreground': '#005fb8',
      'editorLineNumber-foreground': '#5f6368', 'progressBar-background': '#005fb8', 'panelTitle-activeForeground': '#3b3b3b', 'panelTitle-inactiveForeground': '#5f5f5f', 'symbolIcon-classForeground': '#9a4c0c',
      'menu-background': '#ffffff', 'menu-foreground': '#3b3b3b', 'menu-selectionBackground': '#005fb8', 'menu-selectionForeground': '#ffffff', 'input-placeholderForeground': '#6b6b6b',
    },
  },
  highContrast: {
    kind: 'vscode-high-contrast', variables: {
      ...SHARED, foreground: '#ffffff', descriptionForeground: '#ffffffb3', 'editor-background': '#000000', 'editor-foreground': '#ffffff', 'panel-background': '#000000', 'panel-border': '#6fc3df', contrastBorder: '#6fc3df',
      focusBorder: '#f38518', 'list-activeSelectionBackground': '#003b55', 'list-activeSelectionForeground': '#ffffff', 'editorWidget-background': '#0c141f', 'badge-background': '#000000', 'badge-foreground': '#ffffff',
      'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'dropdown-background': '#000000', 'dropdown-foreground': '#ffffff', 'charts-red': '#f48771', 'charts-blue': '#3794ff', 'charts-yellow': '#cca700',
      'charts-orange': '#d18616', 'charts-green': '#89d185', 'charts-purple': '#b180d7', 'textLink-foreground': '#21a6ff', 'editorLineNumber-foreground': '#ffffff', 'progressBar-background': '#6fc3df',
      'panelTitle-activeForeground': '#ffffff', 'panelTitle-inactiveForeground': '#ffffff', 'symbolIcon-classForeground': '#ee9d28', 'menu-background': '#000000', 'menu-foreground': '#ffffff',
    },
  },
  highContrastLight: {
    kind: 'vscode-high-contrast-light', variables: {
      ...SHARED, foreground: '#292929', descriptionForeground: '#292929', 'editor-background': '#ffffff', 'editor-foreground': '#292929', 'panel-background': '#ffffff', 'panel-border': '#0f4a85', contrastBorder: '#0f4a85',
      focusBorder: '#006bbd', 'list-activeSelectionBackground': '#cfe5f5', 'list-activeSelectionForeground': '#292929', 'editorWidget-background': '#ffffff', 'badge-background': '#0f4a85', 'badge-foreground': '#ffffff',
      'input-background': '#ffffff', 'input-foreground': '#292929', 'input-border': '#0f4a85', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#292929', 'charts-red': '#b5200d', 'charts-blue': '#1a5fb4', 'charts-yellow': '#895503',
      'charts-orange': '#a5460b', 'charts-green': '#2b6a28', 'charts-purple': '#652d90', 'textLink-foreground': '#0f4a85', 'editorLineNumber-foreground': '#292929', 'progressBar-background': '#0f4a85',
      'panelTitle-activeForeground': '#292929', 'panelTitle-inactiveForeground': '#292929', 'symbolIcon-classForeground': '#8f4a07', 'menu-background': '#ffffff', 'menu-foreground': '#292929', 'input-placeholderForeground': '#5a5a5a',
    },
  },
};
export type ThemeName = keyof typeof THEMES;
