/** What a change does. `none`: what is wanted is there already, and nothing is sent. */
export type ChangeAction = 'create' | 'recover' | 'update' | 'delete' | 'none';
