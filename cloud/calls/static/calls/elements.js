// Elements of the page: found by their id, or made.
export const part = (id) => document.getElementById(id);

export const make = (tag, more = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), more);
  element.append(...children);
  return element;
};
